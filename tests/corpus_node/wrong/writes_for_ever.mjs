// {"threads": ["run"], "memory": {"blink": [0]}, "check": "True", "kind": "livelock"}
export function run({ blink }) {
  for (;;) blink[0] ^= 1;
}
