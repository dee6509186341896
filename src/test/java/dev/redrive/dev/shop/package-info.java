/**
 * A shop that outfits heroes. Its consumers are real ones of four frameworks and really fail: some faults heal by
 * themselves after a while, some when the record is edited, one never.
 */
@NullMarked
package dev.redrive.dev.shop;

import org.jspecify.annotations.NullMarked;
