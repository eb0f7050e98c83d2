// Scenarios for files that export increment(memory, index) and transfer(memory, source, target, amount).
import { increment, transfer } from 'exercise';

export function add({ words }, me, index) {
  increment(words, index);
}

export function move({ words }, me, source, target, amount) {
  return transfer(words, source, target, amount);
}

export function moveBadly({ words }, me, source, target, amount) {
  try {
    transfer(words, source, target, amount);
    return 'no error';
  } catch (error) {
    return error.name;
  }
}

export function look({ words }, me, source, target) {
  transfer(words, source, target, 1_000_000);
}
