package dev.redrive.alert;

import dev.redrive.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Which addresses belong to the internet: the special-purpose ones of IANA's registries (RFC 6890) do not. */
final class PublicAddress {

    private static final List<Network> SPECIAL = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    // Within 2000::/3: Teredo and its neighbours, documentation, 6to4, which hides an IPv4 address.
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "3fff::/20")
            .map(Network::of)
            .toList();

    /** All that is assigned to the internet; NAT64, ULA, link-local and multicast are outside of it. */
    private static final Network GLOBAL_IPV6 = Network.of("2000::/3");

    private PublicAddress() {}

    /** An IPv4 address that is written as IPv6 is the IPv4 address: {@link InetAddress} reads it so. */
    static boolean is(InetAddress address) {
        boolean assigned = address.getAddress().length == 4 || GLOBAL_IPV6.holds(address);
        return assigned && SPECIAL.stream().noneMatch(network -> network.holds(address));
    }
}
