// verdict: fail
// says: does not finish loading. Busy loop: .* line 5
// hangs: yes
// why: the file never becomes a module
for (;;);
