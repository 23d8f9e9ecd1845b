/** TensorFlow's C++ side tells of every optimisation on standard error; only its warnings are kept. */
export const quietTensorFlow = { TF_CPP_MIN_LOG_LEVEL: '1' } as const;
