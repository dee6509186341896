/** Drafts, checks, lanes, receipts and outcomes: how a letter is sent again, exactly once, and what became of it. */
@NullMarked
package dev.redrive.replay;

import org.jspecify.annotations.NullMarked;
