// verdict: pass
// why: a learner who prints in every call is run through many orders of steps
export function work(memory, index) {
  console.log('thread', index, 'is at work, and says so');
  Atomics.add(memory, 0, 1);
  return index;
}
