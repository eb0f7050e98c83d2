// What a schedule makes of files and folders is removed before the next.
import { rmSync } from 'node:fs';
import path from 'node:path';

/** Remove what a schedule has made; nothing, where it has taken away what was there before: that may be in it. */
export function removeMade(files) {
  const paths = [];
  for (const { took, made } of files) {
    if (took && !paths.some((each) => took === each || took.startsWith(each + path.sep))) return;
    if (made) paths.push(made);
  }
  for (const each of paths.reverse()) rmSync(each, { recursive: true, force: true });
}
