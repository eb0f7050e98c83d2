// {"threads": ["run"], "memory": {"inside": [0], "most": [0], "done": [0]}, "check": "most == [1] and done == [3]"}
class Semaphore {
  free = 1;
  queue = [];
  async take() {
    if (this.free > 0) this.free--;
    else await new Promise((go) => this.queue.push(go));
  }
  give() {
    const next = this.queue.shift();
    if (next) next();
    else this.free++;
  }
}
export async function run({ inside, most, done }) {
  const semaphore = new Semaphore();
  const work = async () => {
    await semaphore.take();
    most[0] = Math.max(most[0], ++inside[0]);
    await null;
    inside[0]--;
    done[0]++;
    semaphore.give();
  };
  await Promise.all([work(), work(), work()]);
}
