// verdict: fail
// says: used more than 400 MB of memory, and was stopped
// why: the same, before anything is asked
const hoard = [];
for (;;) hoard.push(Buffer.alloc(10_000_000, 1));
