package dev.redrive;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where alerts may go besides public addresses, as whoever runs the process says: networks ({@code 10.1.0.0/16},
 * {@code fd00::/8}), single addresses, hosts ({@code hooks.internal}) and all hosts below a name
 * ({@code *.svc.cluster.local}).
 */
public final class PrivateTargets {

    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?");
    private static final Pattern ADDRESS = Pattern.compile(".*[:/].*|[0-9.]+");

    private final List<Network> networks = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();

    private PrivateTargets() {}

    /**
     * @param list separated by commas; blank for none
     * @throws IllegalArgumentException naming the first entry that is neither
     */
    public static PrivateTargets of(String list) {
        var targets = new PrivateTargets();
        Arrays.stream(list.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .forEach(targets::add);
        return targets;
    }

    private void add(String entry) {
        if (ADDRESS.matcher(entry).matches()) {
            networks.add(Network.of(entry));
        } else if (HOST.matcher(entry).matches()) {
            hosts.add(entry);
        } else {
            throw new IllegalArgumentException("'" + entry + "' is neither a network nor a host");
        }
    }

    /** @param host in lower case, as an address names it */
    public boolean holds(String host) {
        return hosts.stream()
                .anyMatch(entry -> entry.startsWith("*.") ? host.endsWith(entry.substring(1)) : entry.equals(host));
    }

    public boolean holds(InetAddress address) {
        return networks.stream().anyMatch(network -> network.holds(address));
    }

    @Override
    public String toString() {
        return "PrivateTargets[networks=" + networks.size() + ", hosts=" + hosts.size() + "]";
    }
}
