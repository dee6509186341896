/** What the desk shows around the letters: headline numbers. Reads only. */
@NullMarked
package dev.redrive.overview;

import org.jspecify.annotations.NullMarked;
