{{ stage('custom', 'product_costs') }}
