/** What breaks under the whole product, from outside: the network, brokers, rights, certificates, clocks, versions. */
@NullMarked
package dev.redrive.fault;

import org.jspecify.annotations.NullMarked;
