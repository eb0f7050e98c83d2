// Two passwords are to be hashed: a long job, and right behind it one a tenth as long. Who waits for whom?
//
//     node lessons/lesson_02/hash.mjs
//
// A beat every 5 ms tells whether the event loop still turns. The pools are started before the jobs come;
// what is started for one job alone is part of its price.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { lane, mark, now, npmPackage, params, row, span } from '../reporter.mjs';
import job from './hash_job.cjs';

const FILE = fileURLToPath(import.meta.url);
const JOB = createRequire(FILE).resolve('./hash_job.cjs');
const BEAT_MS = 5;

// region on the loop, in a process, in a Worker
async function onTheLoop(rounds) {
  return job.hash(rounds); // `async` alone gives nobody else a turn // <-
}

async function inAProcess(rounds) {
  const child = fork(FILE, ['child', rounds]);
  const [done] = await once(child, 'message');
  await once(child, 'exit');
  return done;
}

async function inAWorker(rounds) {
  const worker = new Worker(FILE, { workerData: { rounds } });
  const [done] = await once(worker, 'message');
  return done;
}
// endregion

/** Let two jobs come, each as its own event, and see when their answers are there. */
async function scene(variant, hash, rounds) {
  const begin = now();
  let last = begin, beats = 0, worst = 0;
  const beat = () => {
    beats++;
    worst = Math.max(worst, now() - last - BEAT_MS * 1000);
    last = now();
  };
  const heart = setInterval(beat, BEAT_MS);
  const order = [];
  const request = async (name, work) => {
    await new Promise(setImmediate);
    const done = await hash(work);
    order.push(name);
    mark(`${name} job answered`, threadId, { scene: variant });
    return { ...done, name, after: now() - begin };
  };
  const turns = await Promise.all([request('long', rounds), request('short', rounds / 10)]);
  clearInterval(heart);
  const end = now();
  worst = Math.max(worst, end - last - BEAT_MS * 1000);

  span('serves', threadId, begin, end, { state: 'waiting', scene: variant });
  const others = turns.some((turn) => turn.process !== process.pid);
  for (const turn of turns) {
    turn.id = others ? turn.process : turn.thread;
    if (turn.id !== threadId) lane(turn.id, others ? 'process' : 'worker', { process: turn.process });
    span(`${turn.name} job`, turn.id, turn.start, turn.end, { process: turn.process, scene: variant });
  }
  const [long, short] = turns;
  row({
    variant, threads: turns.map((turn) => turn.id), first: order[0],
    long_ns: Math.round(long.after * 1000), short_ns: Math.round(short.after * 1000),
    work_ns: Math.round((long.end - long.start) * 1000), beats, worst_ns: Math.round(worst * 1000),
  });
}

/** A scene with a pool of the package workerpool. */
async function withWorkerpool(variant, maxWorkers, rounds) {
  const workerpool = await npmPackage('workerpool', variant);
  if (!workerpool) return;
  const pool = workerpool.pool(FILE, { maxWorkers, workerType: 'thread' });
  const hash = (work) => pool.exec('hash', [work]);
  await Promise.all(Array.from({ length: maxWorkers }, () => hash(1000))); // all have started now
  await scene(variant, hash, rounds);
  await pool.terminate();
}

/** A scene with a farm of processes of the package worker-farm. */
async function withFarm(variant, maxConcurrentWorkers, rounds) {
  const workerFarm = await npmPackage('worker-farm', variant);
  if (!workerFarm) return;
  const farm = workerFarm({ maxConcurrentWorkers, maxConcurrentCallsPerWorker: 1 }, JOB);
  const hash = (work) => new Promise((resolve, reject) => {
    farm(work, (error, done) => (error ? reject(error) : resolve(done)));
  });
  await Promise.all(Array.from({ length: maxConcurrentWorkers }, () => hash(1000)));
  await scene(variant, hash, rounds);
  workerFarm.end(farm);
}

async function main({ rounds }) {
  lane(threadId, 'event loop');
  await scene('on the event loop', onTheLoop, rounds);
  await withWorkerpool('one worker: workerpool', 1, rounds);
  await scene('a process each', inAProcess, rounds);
  await scene('a Worker each', inAWorker, rounds);
  await withFarm('2 processes: worker-farm', 2, rounds);
  await withWorkerpool('2 workers: workerpool', 2, rounds);
}

if (process.argv[2] === 'child') process.send(job.hash(Number(process.argv[3])), () => process.disconnect());
else if (isMainThread) await main(params({ rounds: 150_000 }));
else if (workerData?.rounds) parentPort.postMessage(job.hash(workerData.rounds));
else (await npmPackage('workerpool')).worker({ hash: job.hash }); // started by workerpool
