// verdict: fail
// says: does not finish loading
// hangs: yes
// why: nobody settles what the top level awaits
await new Promise(() => setInterval(() => {}, 1_000));
