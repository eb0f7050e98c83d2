// verdict: fail
// says: does not finish loading|ended the process \(exit code (0|13)\)
// hangs: yes
// why: the module waits for what cannot come: Node.js ends the thread
await new Promise(() => {});
