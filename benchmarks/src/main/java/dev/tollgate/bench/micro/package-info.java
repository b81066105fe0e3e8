/** JMH benchmarks of single steps of a call. */
@NullMarked
package dev.tollgate.bench.micro;

import org.jspecify.annotations.NullMarked;
