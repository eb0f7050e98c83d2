/** Whether an error only stands for code that is still to be written: its `cause` says so. */
export const isUnwritten = (error) => error?.cause === 'unwritten';
