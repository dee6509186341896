package dev.redrive.alert;

import dev.redrive.PrivateTargets;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/**
 * Keeps a person who may add an endpoint from reaching what only this machine can reach: names are resolved here, every
 * address of a name is checked, and the connection goes to one of the checked addresses. Asked when an endpoint is kept
 * and again before each message, because a name may point elsewhere by then.
 */
final class AddressGuard {

    private static final String LEAVE = "; whoever runs Redrive may allow it with REDRIVE_ALERT_PRIVATE_TARGETS";

    private final Resolver resolver;
    private final PrivateTargets allowed;

    AddressGuard(Resolver resolver, PrivateTargets allowed) {
        this.resolver = resolver;
        this.allowed = allowed;
    }

    /** @return where to connect to; fails with {@link RefusedAddressException} or what the resolver fails with */
    Future<InetAddress> admit(Address address) {
        return resolver.resolve(address.host()).map(found -> admit(address, found));
    }

    private InetAddress admit(Address address, List<InetAddress> found) {
        boolean approved = allowed.holds(address.host()) || found.stream().allMatch(allowed::holds);
        if (!approved && !address.encrypted()) {
            throw new RefusedAddressException("Without TLS anybody on the way reads along" + LEAVE);
        }
        if (!approved && !address.isUsualPort()) {
            throw new RefusedAddressException(
                    "Port " + address.port() + " is not one of this kind of endpoint" + LEAVE);
        }
        if (!approved && !found.stream().allMatch(each -> PublicAddress.is(each) || allowed.holds(each))) {
            throw new RefusedAddressException(address.host() + " is or leads to a private or local address" + LEAVE);
        }
        return found.get(0);
    }
}
