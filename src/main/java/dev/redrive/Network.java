package dev.redrive;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A block of addresses, IPv4 or IPv6.
 *
 * @param address hexadecimal
 * @param bits how many of the first bits an address shares with it
 */
public record Network(String address, int bits) {

    private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*");

    /**
     * @param text such as {@code 10.1.0.0/16}, {@code fd00::/8}, or one address
     * @throws IllegalArgumentException when it is none of them; a name never is
     */
    public static Network of(String text) {
        var parts = text.split("/", -1);
        if (parts.length <= 2 && LITERAL.matcher(parts[0]).matches()) {
            try {
                var address = InetAddress.getByName(parts[0]).getAddress();
                int bits = parts.length == 1 ? address.length * 8 : Integer.parseInt(parts[1]);
                if (bits >= 0 && bits <= address.length * 8) {
                    return new Network(HexFormat.of().formatHex(address), bits);
                }
            } catch (UnknownHostException | NumberFormatException neither) {
                // Said below, with the text.
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no network");
    }

    public boolean holds(InetAddress other) {
        var mine = HexFormat.of().parseHex(address);
        var theirs = other.getAddress();
        boolean same = mine.length == theirs.length;
        for (int bit = 0; same && bit < bits; bit++) {
            same = ((mine[bit / 8] ^ theirs[bit / 8]) >> (7 - bit % 8) & 1) == 0;
        }
        return same;
    }
}
