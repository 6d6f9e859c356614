import CAllocationCounter

/// How many heap allocations `body` makes on the calling thread; nil where they cannot be counted (sanitizer builds).
///
/// Warm up what is initialised lazily (tables, generic metadata) by running `body`'s work once before.
public func allocations(_ body: () throws -> Void) rethrows -> Int? {
  let before = allocation_counter_of_thread()
  try body()
  let after = allocation_counter_of_thread()
  return allocation_counter_works() ? Int(after - before) : nil
}
