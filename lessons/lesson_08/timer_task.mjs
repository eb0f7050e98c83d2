// A task with a timer: the first call starts it, each call says how often it has fired since the call before.
let fired = null;

export default function ticks() {
  const since = fired ?? 0;
  if (fired === null) setInterval(() => fired++, 5).unref();
  fired = 0;
  return { ticks: since };
}
