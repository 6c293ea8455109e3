"""Tasks as jobs of Slurm, by its own commands: sbatch, squeue, scancel."""
