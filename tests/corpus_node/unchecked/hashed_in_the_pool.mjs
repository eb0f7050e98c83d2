// {"threads": ["run"], "memory": {"first": [0]}, "check": "True", "reason": "it uses crypto.pbkdf2, which ends outside its thread and cannot be put in an order (line 6)"}
// Which of two jobs of the thread pool ends first, nobody here decides.
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
export async function run({ first }) {
  const hash = (n) => promisify(pbkdf2)('word', 'salt', 1, 8, 'sha256').then(() => (first[0] ||= n));
  await Promise.all([hash(1), hash(2)]);
}
