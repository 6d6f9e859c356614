/// Something to be measured: one pass does so many operations, the same ones each time.
struct Workload {
  /// What it is, as the table shows it.
  let name: String
  /// What one operation is: `event`, `turn`, `call-tick`.
  let unit: String
  /// How many operations one pass does.
  let operations: Int
  /// Done before each pass, outside the measurement.
  let prepare: () async throws -> Void
  /// What is measured.
  let pass: Pass

  /// A pass stays on the thread that called it, or it does not; allocations are counted by thread.
  enum Pass {
    case here(() throws -> Void)
    case elsewhere(() async throws -> Void)
  }

  init(_ name: String, unit: String, operations: Int, pass: @escaping () throws -> Void) {
    self.name = name
    self.unit = unit
    self.operations = operations
    prepare = {}
    self.pass = .here(pass)
  }

  init(
    _ name: String, unit: String, operations: Int, prepare: @escaping () async throws -> Void,
    elsewhere: @escaping () async throws -> Void
  ) {
    self.name = name
    self.unit = unit
    self.operations = operations
    self.prepare = prepare
    pass = .elsewhere(elsewhere)
  }

  func run() async throws {
    switch pass {
    case .here(let body): try body()
    case .elsewhere(let body): try await body()
    }
  }
}

/// Workloads that are compared with each other; the first is what the ratios are over.
struct Suite {
  /// Its name on the command line.
  let name: String
  /// What goes in, for the table's head.
  let input: String
  let workloads: [Workload]
  /// Figures that follow from the measured ones.
  var derived: ([Figure]) -> [Derived] = { _ in [] }
}

/// A figure that follows from measured ones.
struct Derived: Encodable {
  let name: String
  let value: Double
  let unit: String
}

/// What goes wrong before there is anything to measure: a workload that does not do its work.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Keeps the optimiser from dropping what nobody reads.
@inline(never) @_optimize(none) func consume<Value: ~Copyable>(_ value: borrowing Value) {}
