/// Cuts long speech into pieces a recogniser handles well, at the quietest place near the end of each.
enum ClipSplitter {
  /// The pieces in order, none longer than `longest` samples; nothing is lost between them.
  static func split(_ samples: [Float], longest: Int, window: Int) -> [ArraySlice<Float>] {
    var pieces: [ArraySlice<Float>] = []
    var rest = samples[...]
    while rest.count > longest {
      let candidates = stride(from: rest.startIndex + longest / 2, to: rest.startIndex + longest - window, by: window)
      let quietest = candidates.min { power(rest[$0..<$0 + window]) < power(rest[$1..<$1 + window]) }
      let cut = (quietest ?? rest.startIndex + longest - window) + window / 2
      pieces.append(rest[..<cut])
      rest = rest[cut...]
    }
    if !rest.isEmpty { pieces.append(rest) }
    return pieces
  }

  private static func power(_ samples: ArraySlice<Float>) -> Float { samples.reduce(0) { $0 + $1 * $1 } }
}
