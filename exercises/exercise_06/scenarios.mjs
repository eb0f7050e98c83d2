// What is done with a learner's BufferPool. Thread functions are called as fn(memory, index, ...arguments).
import * as exercise from 'exercise';
import { attempt, Play, Stuck } from 'stateful';

export const NAMES = ['BufferPool'];

const DIRT = 0xaa;
const HELD = 9; // buffers that a worker holds at once, for real

/** Words of a block for so many buffers: the pool's own words are 0, the rest is dirty. */
function block(count, size) {
  const dirty = new Uint8Array(Math.ceil((count * size) / 4) * 4).fill(DIRT);
  return [...Array(count + 1).fill(0), ...new Int32Array(dirty.buffer)];
}

export const scenarios = {
  // one thread plays a script
  playing: ({ count, size, steps }) => ({ memory: {}, threads: [['play', count, size, steps]] }),
  // a thread for each plan: it acquires, releases what it acquired first (or second, ...), or an index it was told
  sharing: ({ count, plans }) => ({
    memory: { block: block(count, 1), clock: [0] },
    threads: plans.map((plan) => ['follow', count, plan]),
  }),
  // every thread borrows and gives back, so many times, and never holds more than HELD buffers
  working: ({ count, size, threads, times }) => ({
    memory: { block: block(count, size), owners: Array(count).fill(0) },
    threads: Array(threads).fill(['work', count, size, times]),
  }),
};

// ---- one thread

/** The steps that can be played, on as many pools over one block as are asked for. */
class PoolPlay extends Play {
  buffers = []; // the indices, in the order in which they were lent
  lent = new Map(); // index by number

  constructor(count, size) {
    super();
    this.size = [count, size];
    // not a byte more than the pool may count on
    this.shared = new SharedArrayBuffer(4 * (count + 1) + count * size);
    new Uint8Array(this.shared, 4 * (count + 1)).fill(DIRT);
    this.pool = new exercise.BufferPool(this.shared, count, size);
  }

  step(what, ...how) {
    if (how[0] >= this.buffers.length && what !== 'release_index') throw new Stuck(); // it was to be lent before
    const seen = super.step(what, ...how);
    const contents = Object.fromEntries([...this.lent].map(([number, index]) => [number, this.contents(index)]));
    return { ...seen, contents };
  }

  contents(index) {
    const { gave, raised } = attempt(() => this.pool.bytes(index));
    return raised ?? Array.from(gave ?? []);
  }

  /** Go on with another pool over the same block. */
  another() {
    this.pool = new exercise.BufferPool(this.shared, ...this.size);
    return {};
  }

  acquire() {
    const came = attempt(() => this.pool.acquire());
    if (came.raised) return came;
    if (came.gave === null) return { none: true };
    if (!Number.isInteger(came.gave)) return { gave: String(came.gave) };
    if ([...this.lent.values()].includes(came.gave)) return { again: true };
    this.buffers.push(came.gave);
    this.lent.set(this.buffers.length - 1, came.gave);
    const { gave: bytes, raised } = attempt(() => this.pool.bytes(came.gave));
    let view = null;
    if (raised) view = `threw ${raised}`;
    else if (!(bytes instanceof Uint8Array)) view = `gave ${bytes}, and no Uint8Array`;
    else if (bytes.buffer !== this.shared) view = 'gave a Uint8Array that does not lie in the shared block';
    return { lent: true, view: view && `gave ${came.gave}, and bytes(${came.gave}) ${view}.`, bytes: bytes?.byteLength };
  }

  write(number, byte) {
    return this.done(() => this.pool.bytes(this.buffers[number]).fill(byte));
  }

  release(number) {
    const came = this.done(() => this.pool.release(this.buffers[number]));
    if (!came.raised) this.lent.delete(number);
    return came;
  }

  /** Only where it cannot be meant for the one who has the buffer now. */
  release_again(number) {
    if ([...this.lent.values()].includes(this.buffers[number])) return { same: true };
    return this.done(() => this.pool.release(this.buffers[number]));
  }

  release_index(index) {
    return this.done(() => this.pool.release(index === 'undefined' ? undefined : index));
  }

  done(work) {
    const came = attempt(work);
    return came.raised ? came : {};
  }
}

export const play = (memory, thread, count, size, steps) => new PoolPlay(count, size).play(steps);

// ---- several threads, each with its own pool over the same block

export function follow({ block, clock }, thread, count, plan) {
  const pool = new exercise.BufferPool(block.buffer, count, 1);
  const mark = thread + 1, had = [];
  const tick = () => Atomics.add(clock, 0, 1);
  return plan.map(([what, which]) => {
    const told = {};
    if (what === 'release') {
      which = had[which];
      if (which === null) return null;
      told.lost = pool.bytes(which)[0] !== mark;
    }
    const start = tick();
    const came = attempt(() => (what === 'acquire' ? pool.acquire() : pool.release(which)));
    const end = tick();
    if (what === 'acquire') {
      const index = came.gave ?? null;
      had.push(index);
      if (index !== null) {
        const bytes = pool.bytes(index);
        told.dirty = bytes[0] !== 0;
        bytes[0] = mark;
      }
      return { ...told, acquire: index, raised: came.raised, start, end };
    }
    return { ...told, blind: what === 'free', release: which, raised: came.raised, start, end };
  });
}

export function work({ block, owners }, thread, count, size, times) {
  const pool = new exercise.BufferPool(block.buffer, count, size);
  const mark = thread + 1, held = [];
  const faults = { none: 0, dirty: 0, twice: 0, lost: 0 };
  let lent = 0;

  function giveBack(index) {
    if (!pool.bytes(index).every((byte) => byte === mark)) faults.lost++;
    Atomics.compareExchange(owners, index, mark, 0);
    pool.release(index);
  }

  for (let time = 0; time < times; time++) {
    if (held.length === HELD) giveBack(held.shift());
    const index = pool.acquire();
    if (index === null) {
      faults.none++;
      continue;
    }
    lent++;
    if (Atomics.compareExchange(owners, index, 0, mark) !== 0) faults.twice++;
    const bytes = pool.bytes(index);
    if (bytes.some((byte) => byte !== 0)) faults.dirty++;
    bytes.fill(mark);
    held.push(index);
  }
  held.forEach(giveBack);
  return { lent, faults };
}
