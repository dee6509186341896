/** What a dead letter is, its store and its routes. Knows no other feature. */
@NullMarked
package dev.redrive.letter;

import org.jspecify.annotations.NullMarked;
