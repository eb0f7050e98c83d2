// verdict: fail
// says: `work` awaits at line 5
// hangs: yes
// why: nobody resolves it
export const work = () => new Promise(() => {});
