// Real programs for the benches: where their modules are and what they run.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHost } from '../dist/index.js'

/** Images and rewritten modules of benches and tests, kept from one run to the next. */
export const DATA_DIRECTORY = fileURLToPath(
  new URL('../node_modules/.cache/bulkhead', import.meta.url),
)

const PYTHON = `
import hashlib, json, re
words = {}
for i in range(60000):
    key = 'k%d' % (i * 7919 % 1000)
    words[key] = words.get(key, 0) + i
text = json.dumps(words, sort_keys=True)
total = sum(x * x % 7 for x in range(300000))
found = len(re.findall(r'k\\d*7": \\d+', text))
class P:
    def __init__(self, x): self.x = x
    def step(self): self.x = (self.x * 31 + 7) % 65521
p = P(1)
for _ in range(150000): p.step()
print(total, found, p.x, hashlib.sha256(text.encode()).hexdigest()[:16])
`
const QUICKJS = `
const words = new Map()
for (let i = 0; i < 200000; i++) {
  const key = 'k' + (i * 7919 % 1000)
  words.set(key, (words.get(key) ?? 0) + i)
}
class P { constructor(x) { this.x = x } step() { this.x = (this.x * 31 + 7) % 65521 } }
const p = new P(1)
for (let i = 0; i < 1500000; i++) p.step()
const sorted = [...words].sort(([a], [b]) => (a < b ? -1 : 1))
const text = JSON.stringify(sorted)
print(p.x, text.length, text.replace(/k\\d*7/g, '').length)
`

const RUBY = `
words = Hash.new(0)
60_000.times { |i| words["w#{i * 7919 % 1000}"] += i % 13 }
sorted = words.sort_by { |word, count| [-count, word] }
text = sorted.map { |word, count| "#{word.capitalize}: #{count}" }.join("\\n")
long = +''
40_000.times { |i| long << (97 + i * i % 26).chr; long << ' ' if i * 7 % 23 < 3 }
lengths = long.split.group_by(&:size).transform_values(&:count)
class Account
  attr_reader :balance
  def initialize(balance) = @balance = balance
  def deposit(amount) = @balance = (@balance * 31 + amount) % 65_521
end
accounts = Array.new(10) { |i| Account.new(i) }
150_000.times { |i| accounts[i % 10].deposit(i & 7) }
found = text.scan(/7: \\d+/).size + text.gsub(/[aeiou]/, '').size
puts sorted.first.inspect, lengths.inspect, found, accounts.sum(&:balance), text.sum(32)
`
const PHP = `<?php
$words = [];
for ($i = 0; $i < 200000; $i++) {
  $key = 'k' . ($i * 7919 % 1000);
  $words[$key] = ($words[$key] ?? 0) + $i % 13;
}
arsort($words);
$most = array_key_first($words);
ksort($words);
$lines = [];
foreach ($words as $word => $count) {
  $lines[] = sprintf('%s: %05d', ucfirst(strrev($word)), $count);
}
$text = implode("\\n", $lines);
$found = 0;
for ($i = 0; $i < 40000; $i++) {
  $line = $lines[$i % count($lines)];
  if (preg_match('/^(\\\\d+)k: 0*(\\\\d+)7$/i', $line, $parts)) $found += strlen($parts[2]);
  $found += strpos(str_replace(['1', '2'], ['one', 'two'], $line), ':');
}
class Point {
  public function __construct(private int $x) {}
  public function step(int $by): int { return $this->x = ($this->x * 31 + $by) % 65521; }
}
$point = new Point(1);
for ($i = 0; $i < 400000; $i++) $last = $point->step($i & 7);
$even = array_sum(array_map(fn($n) => $n * $n, array_filter($words, fn($n) => $n % 2 === 0)));
for ($hash = $text, $i = 0; $i < 2000; $i++) $hash = md5($hash . $i);
echo $most, ' ', $found, ' ', $last, ' ', $even, ' ', $hash, ' ', strlen(htmlspecialchars($text)), "\\n";
`
/** Sorts little at a time: what does not fit its cache it would want to write to a file. */
const SQLITE = `
create table customers (id integer primary key, name text, country text);
create table orders (id integer primary key, customer integer, day integer, cents integer, note text);
begin;
insert into customers
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
  select i, 'customer ' || (i * 7919 % 1009), 'country ' || (i % 23) from n;
insert into orders
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 30000)
  select i, 1 + i * 7919 % 1000, i * 31 % 365, i * 104729 % 100000, 'note ' || (i % 97) from n;
commit;
create index orders_by_customer on orders (customer, day);
select country, count(*), sum(cents), max(day) from orders join customers on customers.id = customer
  where cents > 1000 group by country order by 3 desc limit 5;
select day, count(*), max(total) from
  (select day, sum(cents) over (partition by customer order by day, id) as total from orders)
  group by day order by 3 desc limit 5;
select count(*), max(a.cents + b.cents), avg(a.day - b.day) from orders as a
  join orders as b on b.customer = a.customer and b.day between a.day - 60 and a.day;
select name, (select count(*) from orders where customer = customers.id and day between 50 and 200) as n
  from customers order by n desc, name limit 5;
update orders set cents = cents + 1 where note like '%7';
delete from orders where day = 100;
select substr(note, 6) as kind, avg(cents), count(distinct customer) from orders
  group by kind having count(*) > 250 order by 2 desc limit 5;
select count(*), sum(cents), min(id), total(length(note)) from orders;
`

/** Images, how each is told to run its source, and what lies in its `/`. */
export const PROGRAMS = [
  { name: 'python', args: ['python', '-c', PYTHON], files: {} },
  { name: 'quickjs', args: ['quickjs', '/program.js'], files: { 'program.js': QUICKJS } },
  { name: 'ruby', args: ['ruby', '--disable-gems', '-e', RUBY], files: {} },
  { name: 'php', args: ['php', '/program.php'], files: { 'program.php': PHP } },
  { name: 'sqlite', args: ['sqlite', '-batch', ':memory:', SQLITE], files: {} },
]

/** The module of an image: its largest file. */
async function moduleOf(host, image) {
  const { files } = await host.images.pull(image)
  const { digest } = files.reduce((a, b) => (a.size >= b.size ? a : b))
  const directory = join(DATA_DIRECTORY, 'blobs', 'sha256')
  const name = readdirSync(directory).find((entry) => digest.endsWith(entry))
  return join(directory, name)
}

/** The programs the catalogue has, each with its module; a missing one is left out and said. */
export async function programFiles(only) {
  const host = await createHost({ dataDir: DATA_DIRECTORY })
  try {
    const wanted = PROGRAMS.filter(({ name }) => only?.includes(name) ?? true)
    const found = []
    for (const program of wanted) {
      if (host.images.known().includes(program.name)) {
        found.push({ ...program, module: await moduleOf(host, program.name) })
      } else {
        process.stderr.write(`bench: the catalogue has no ${program.name} yet: left out\n`)
      }
    }
    return found
  } finally {
    await host.close()
  }
}
