"""Tests of small models run side by side: TensorFlow's threads would only wait for each other."""

from reportgen.experiment.backend import tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
