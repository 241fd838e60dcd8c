// node run.mjs turn/direct turn/chat: runs scenarios one after the other; an export of a module is a scenario.
for (const name of process.argv.slice(2)) {
  const [module, scenario] = name.split('/');
  const scenarios = await import(`./${module}.mjs`);
  try {
    await scenarios[scenario]();
    console.log(`${name}: ok`);
  } catch (failure) {
    console.error(`${name}:`, failure);
    process.exit(1);
  }
}
