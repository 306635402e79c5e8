// Tests that cannot pass under Wine, each with the reason. `npm run check:windows` reports an entry whose test passes
// or does not exist.

/** By crate and test program (`unit` is the crate's own), then by test. */
export const leftOut = {};

/** Tests that are compiled for Unix or Linux only, so that the programs for Windows do not have them. */
export const unixOnly = {
  'log unit': {
    'file::tests::others_cannot_enter_the_folder': 'modes of files exist on Unix only',
  },
  'store it': {
    'faults::a_read_only_folder_is_reported': 'sets the mode of a folder; Windows keeps folders from being written by access lists',
    'full::a_write_that_fails_anywhere_loses_nothing_that_was_reported': "limits the size of files by the shell's `ulimit`",
    'handover::a_file_handed_over_on_a_full_disk_is_whole_or_not_there': 'limits the size of files by `prlimit`',
    'handover::child_hands_over_on_a_full_disk': 'the second process of the test before',
    'privacy::a_shared_folder_keeps_its_mode': 'modes of files exist on Unix only',
    'privacy::new_files_are_private': 'modes of files exist on Unix only',
    'privacy::opening_removes_others_access': 'modes of files exist on Unix only',
    'read_only::the_system_refuses_writing_and_reading_works': 'runs as another user of Unix',
  },
};
