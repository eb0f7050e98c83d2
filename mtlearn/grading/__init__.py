"""One exercise file in, one Verdict out: a judge that never imports the file, and a subject that runs it."""
