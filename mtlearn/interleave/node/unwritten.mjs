const SAYS = 'not written yet'; // so begins the error of a function that is still to be written

/** Whether an error only stands for code that is not written yet; JavaScript has no NotImplementedError. */
export const isUnwritten = (error) => typeof error?.message === 'string' && error.message.startsWith(SAYS);
