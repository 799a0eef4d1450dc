// A file that was dropped onto the list and fits no dataset: the form of a new one begins with it.

let sample: File | null = null;

export const waitingSample = {
  give(file: File) {
    sample = file;
  },
  take(): File | null {
    const taken = sample;
    sample = null;
    return taken;
  },
};
