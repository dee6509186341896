/** What the desk shows around the letters: headline numbers, topics and gaps. Reads only. */
@NullMarked
package dev.redrive.overview;

import org.jspecify.annotations.NullMarked;
