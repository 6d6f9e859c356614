public import Core

extension Playout {
  /// Writes the agent's next 20 ms; once a tick.
  /// - Parameters:
  ///   - frame: written whole, whatever its length.
  ///   - instant: when its first sample leaves.
  /// - Returns: whether anything but silence was written.
  @discardableResult
  public mutating func pull(into frame: inout MutableSpan<Int16>, at instant: CallInstant) -> Bool {
    var written = 0
    while written < frame.count, tailStart < tailEnd {
      frame[written] = tail[tailStart]
      tailStart += 1
      written += 1
    }
    loop: while written < frame.count, !entries.isEmpty, !entries[0].isPaused {
      let now = instant + rate.span(of: written)
      switch playing == nil ? seek(at: now) : .found {
      case .found: written += play(into: &frame, from: written, at: now)
      case .finished: continue
      case .waiting: break loop
      }
    }
    for index in written..<frame.count { frame[index] = 0 }
    return written > 0
  }

  private enum Found {
    /// A clip to play.
    case found
    /// The next clip is not there yet.
    case waiting
    /// The utterance is over; another may follow.
    case finished
  }

  /// Finds the next clip of the utterance in front; finishes the utterance when there is none to come.
  private mutating func seek(at instant: CallInstant) -> Found {
    while entries[0].sentence < entries[0].sentences.count {
      let id = entries[0].id.rawValue
      let sentence = entries[0].sentence
      if let index = nextClip(of: id, sentence: sentence) {
        playing = index
        position = 0
        return .found
      }
      guard entries[0].sentences[sentence].isWhole else { return .waiting }
      entries[0].sentence += 1
      entries[0].offset = 0
    }
    let entry = entries.remove(at: 0)
    report(entry.id, .finished, at: instant, progress: entry.sentences)
    return .finished
  }

  private func nextClip(of utterance: Int, sentence: Int) -> Int? {
    var index = 0
    while index < clips.count {
      if !clips[index].isSpent, clips[index].utterance.rawValue == utterance, clips[index].sentence == sentence {
        return index
      }
      index += 1
    }
    return nil
  }

  /// Plays from the current clip.
  /// - Returns: how many samples.
  private mutating func play(into frame: inout MutableSpan<Int16>, from start: Int, at instant: CallInstant) -> Int {
    guard let index = playing else { return 0 }
    if !entries[0].hasStarted {
      entries[0].hasStarted = true
      report(entries[0].id, .started, at: instant)
    }
    let samples = clips[index].samples
    let count = min(frame.count - start, samples.count - position)
    let faded = min(fadeIn, count)
    for step in 0..<faded {
      frame[start + step] = Int16(Int(samples[position + step]) * (fade + 1 - fadeIn) / (fade + 1))
      fadeIn -= 1
    }
    for step in faded..<count { frame[start + step] = samples[position + step] }
    move(by: count)
    return count
  }

  /// Moves on in the current clip and leaves it at its end.
  mutating func move(by count: Int) {
    guard let index = playing else { return }
    position += count
    let sentence = entries[0].sentence
    let played = entries[0].offset + position
    entries[0].sentences[sentence].played = max(entries[0].sentences[sentence].played, played)
    if position >= clips[index].samples.count {
      entries[0].offset += clips[index].samples.count
      clips[index].isSpent = true
      playing = nil
    }
  }
}
