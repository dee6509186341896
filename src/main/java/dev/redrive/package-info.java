/** The start of the program: settings are read once, the parts are built by hand and in order. */
@NullMarked
package dev.redrive;

import org.jspecify.annotations.NullMarked;
