// The start function is among the options; a worker is its own object, and drain waits for one promise per job.
class Member {
  queue = [];

  constructor(boss) {
    this.handle = boss.options.startWorker();
    boss.members.add(this);
    this.handle.on('exit', () => boss.replace(this));
    this.handle.on('result', (value) => this.queue.shift()?.resolve(value));
    this.gone = new Promise((resolve) => { this.leave = resolve; });
  }

  give(task) {
    task.tries++;
    this.queue.push(task);
    this.handle.send(task.job);
  }
}

export class Supervisor {
  members = new Set();
  promises = [];
  restarts = 0;
  state = 'open';

  constructor(options) {
    this.options = options;
    for (let i = 0; i < options.size; i++) new Member(this);
  }

  async submit(job) {
    if (this.state !== 'open') throw new Error('closed');
    const promise = new Promise((resolve, reject) => this.assign({ job, resolve, reject, tries: 0 }));
    this.promises.push(promise);
    return promise;
  }

  assign(task) {
    if (task.tries >= this.options.maxAttempts || this.members.size === 0) return task.reject(new Error(`tried ${task.tries} times`));
    [...this.members].sort((a, b) => a.queue.length - b.queue.length)[0].give(task);
  }

  replace(member) {
    this.members.delete(member);
    if (this.state !== 'closing' && this.restarts < this.options.maxRestarts) {
      this.restarts++;
      new Member(this);
    }
    member.queue.splice(0).forEach((task) => this.assign(task));
    member.leave();
  }

  async drain() {
    this.state = 'draining';
    await Promise.allSettled(this.promises);
    this.state = 'closing';
    const members = [...this.members];
    for (const { handle } of members) handle.kill();
    await Promise.all(members.map(({ gone }) => gone));
  }
}
