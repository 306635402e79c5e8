// Tests that cannot pass under Wine, each with the reason. `npm run check:windows` reports an entry whose test passes
// or does not exist.

/** By crate and test program (`unit` is the crate's own), then by test. */
export const leftOut = {};

/** Tests that are compiled for Unix or Linux only, so that no program for Windows has them. */
export const unixOnly = {};
