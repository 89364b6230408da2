"""From files to a study and back: drafting, adding, checking, one workbook. May import nqp.importing and the ground of nqp."""
