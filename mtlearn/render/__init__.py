"""Values into pictures: the only place that imports Rich. It calls nobody and decides nothing else."""
