package dev.redrive;

import java.util.Base64;

/** A key as settings write it: base64 of so many bytes (RFC 4648 §4). */
final class Base64Key {

    private Base64Key() {}

    /** Whether the text is base64 of a key of this many bytes. */
    static boolean holds(String text, int least, int most) {
        try {
            int length = Base64.getDecoder().decode(text).length;
            return length >= least && length <= most;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
