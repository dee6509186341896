/** The filter language of lists, saved views and alert rules: from text to terms. Knows no table and no feature. */
@NullMarked
package dev.redrive.filter;

import org.jspecify.annotations.NullMarked;
