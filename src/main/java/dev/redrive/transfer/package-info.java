/** Letters out of Redrive and into another one: exports as files, and their import. */
@NullMarked
package dev.redrive.transfer;

import org.jspecify.annotations.NullMarked;
