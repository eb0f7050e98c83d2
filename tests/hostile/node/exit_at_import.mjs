// verdict: fail
// says: ended the process \(exit code 0\)
// why: an exit code of 0 is no pass
process.exit(0);
