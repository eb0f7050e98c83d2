// Every order in which two threads can take their steps: how many there are, and how many of them differ.
//
//     node lessons/lesson_05/orders.mjs
//
// A thread is a generator here: each `yield` says what its next step does, and may hand over to the other thread. So one
// thread can run them in every order, one after the other, and leave nothing to luck.
import { threadId } from 'node:worker_threads';
import { now, row, span } from '../reporter.mjs';

const FEW = 2; // preemptions: how often a thread is stopped although it could go on

// region one addition, step by step
function* plain(memory) {
  yield ['read', 'x'];
  const seen = memory.x;
  yield ['write', 'x']; // <-
  memory.x = seen + 1;
}

function* locked(memory, me) {
  yield ['read', me]; // something of its own
  yield ['take', 'lock'];
  memory.lock = me;
  yield* plain(memory);
  yield ['free', 'lock'];
  memory.lock = null;
}
// endregion

/** Each has a word of its own. */
function* apart(memory, me) {
  yield ['read', me];
  const seen = memory[me];
  yield ['write', me];
  memory[me] = seen + 1;
}

const ways = { 'a word each': apart, 'one word': plain, 'one word, locked': locked };

function* roundsOf(add, memory, me, rounds) {
  for (let round = 0; round < rounds; round++) yield* add(memory, me);
}

/**
 * One order: it begins as planned, and then goes on with whoever went on last. Gives the steps, as [thread, what, word],
 * those who could have gone on at each of them, and the memory.
 */
function run(add, rounds, plan) {
  const memory = { x: 0, 0: 0, 1: 0, lock: null };
  const threads = [0, 1].map((me) => roundsOf(add, memory, me, rounds));
  const ahead = threads.map((thread) => thread.next().value);
  const steps = [], choices = [];
  for (let last = null; ahead[0] || ahead[1];) {
    const able = [0, 1].filter((me) => ahead[me] && !(ahead[me][0] === 'take' && memory.lock !== null));
    const me = plan[steps.length] ?? (able.includes(last) ? last : able[0]);
    steps.push([me, ...ahead[me]]);
    choices.push(able);
    ahead[me] = threads[me].next().value;
    last = me;
  }
  return { steps, choices, memory };
}

/** All of them, depth first: at each step where the other could have gone on, it does so in a later run. */
function* everyOrder(add, rounds) {
  const plans = [[]];
  while (plans.length) {
    const plan = plans.pop();
    const one = run(add, rounds, plan);
    yield one;
    const taken = one.steps.map(([me]) => me);
    for (let at = plan.length; at < taken.length; at++)
      for (const other of one.choices[at]) if (other !== taken[at]) plans.push([...taken.slice(0, at), other]);
  }
}

const preemptions = ({ steps, choices }) =>
  steps.filter(([me], at) => at && me !== steps[at - 1][0] && choices[at].includes(steps[at - 1][0])).length;

/**
 * Of each step, which steps of the other it came after. Where this is the same, nobody sees a difference. Two steps of
 * different threads can change places unless they use the same word and one of them changes it.
 */
function whatCameBefore(steps) {
  const past = [[0, 0], [0, 0]]; // of each thread: how many steps of both
  const users = []; // { word, who, changes, clock }
  const told = [[], []];
  for (const [me, what, word] of steps) {
    const changes = what !== 'read';
    const clock = [...past[me]];
    clock[me] += 1;
    for (const used of users)
      if (used.word === word && used.who !== me && (changes || used.changes))
        used.clock.forEach((count, who) => { clock[who] = Math.max(clock[who], count); });
    past[me] = clock;
    users.push({ word, who: me, changes, clock });
    told[me].push(clock);
  }
  return JSON.stringify(told);
}

function count(variant, rounds) {
  const start = now();
  const ends = new Map(); // of each class of orders: how they end
  let orders = 0, few = 0, wrong = 0;
  for (const one of everyOrder(ways[variant], rounds)) {
    const end = one.memory.x + one.memory[0] + one.memory[1];
    const before = whatCameBefore(one.steps);
    orders += 1;
    few += preemptions(one) <= FEW;
    wrong += end !== 2 * rounds;
    ends.set(before, (ends.get(before) ?? new Set()).add(end));
  }
  span(`${variant}, ${rounds}`, threadId, start, now());
  const mixed = [...ends.values()].filter((each) => each.size > 1).length;
  row({
    variant: `${variant}, ${rounds} each`, rounds, orders, few, classes: ends.size, wrong, mixed, threads: [threadId],
    took_ns: Math.round((now() - start) * 1000),
  });
}

for (const variant of Object.keys(ways)) for (const rounds of [2, 3]) count(variant, rounds);
