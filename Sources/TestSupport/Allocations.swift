import CAllocationCounter

/// Whether allocations are counted in this build; not under a sanitizer.
public var canCountAllocations: Bool { allocation_counter_works() }

/// How many heap allocations `body` makes on the calling thread; nil where they cannot be counted (sanitizer builds).
///
/// Warm up what is initialised lazily (tables, generic metadata) by running `body`'s work once before.
public func allocations(_ body: () throws -> Void) rethrows -> Int? {
  let before = allocation_counter_of_thread()
  try body()
  let after = allocation_counter_of_thread()
  return canCountAllocations ? Int(after - before) : nil
}
