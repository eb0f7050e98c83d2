// verdict: fail
// says: does not answer
// hangs: yes
// why: nobody resolves it
export const work = () => new Promise(() => {});
