// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
exports.worker = ({ c }) => {
  c[0] += 1;
};
