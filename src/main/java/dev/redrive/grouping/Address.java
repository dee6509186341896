package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;

/** An address of IPv6 in brackets, as URLs and sockets write it: {@code [2001:db8::7]:8443}. */
final class Address {

    /** The longest has 45 chars; the name of a zone may follow. */
    private static final int CHARS = 64;

    private static final int GROUPS = 8;

    private Address() {}

    /** Behind the address and its port; {@code at} where none begins. */
    static int end(String text, int at) {
        if (text.charAt(at) != '[') {
            return at;
        }
        int i = at + 1;
        int colons = 0;
        boolean pressed = false;
        boolean zone = false;
        while (i < text.length() && i - at < CHARS && isPart(text.charAt(i), zone)) {
            pressed |= text.startsWith("::", i);
            colons += text.charAt(i) == ':' ? 1 : 0;
            zone |= text.charAt(i) == '%';
            i++;
        }
        boolean address =
                i < text.length() && text.charAt(i) == ']' && (pressed && colons < GROUPS || colons == GROUPS - 1);
        if (!address) {
            return at;
        }
        int port = text.startsWith(":", i + 1) ? digits(text, i + 2) : 0;
        return port > 0 ? i + 2 + port : i + 1;
    }

    private static boolean isPart(char c, boolean zone) {
        return zone ? Character.isLetterOrDigit(c) : Character.digit(c, 16) >= 0 || ":.%".indexOf(c) >= 0;
    }
}
